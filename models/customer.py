"""Customers and the people of them who phone."""

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Identity, Word
from models.vocabulary import Agreement, Language


class Customer(Base):
    """A company with an agreement."""

    __tablename__ = "customer"

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    agreement: Mapped[Agreement] = mapped_column(Word(Agreement))


class Contact(Base):
    """A person at a customer; his language is that of the call and the mails."""

    __tablename__ = "contact"
    __table_args__ = (UniqueConstraint("customer_id", "name"),)

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str | None] = mapped_column(String(254))
    language: Mapped[Language] = mapped_column(Word(Language))


class ContactNumber(Base):
    """A number of a contact, E.164. Several people behind one switchboard number are the normal case."""

    __tablename__ = "contact_number"
    __table_args__ = (UniqueConstraint("contact_id", "number"),)

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"))
    number: Mapped[str] = mapped_column(String(16), index=True)
